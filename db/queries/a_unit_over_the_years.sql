-- 一个单位历年的数字 / One organ over the years
-- zh: unit 是单位编号（如 990101101），改名、升格前后的同一单位算一条线；空白时举一例。表式不同的年份不可直接比较。
-- en: unit is the id of an organ (e.g. 990101101); before and after a new name or rank it is one line; blank shows an example. Years with different forms do not compare directly.
SELECT reports.id AS report, reports.name, reports.year, reports.scope, reports.form, reports.requests_new,
  reports.granted, reports.partly_granted, reports.closed, reports.carried_out, reports.reconsiderations,
  reports.reconsiderations_corrected, reports.lawsuits, reports.errors, reports.warnings
FROM operands
JOIN reports ON reports.id = operands.report
WHERE operands.line = (
  SELECT line FROM operands WHERE unit = coalesce(nullif(:unit, ''), (
    SELECT unit FROM reports WHERE unit IS NOT NULL ORDER BY id LIMIT 1
  )) LIMIT 1
)
ORDER BY reports.year, reports.scope, reports.id
LIMIT 200

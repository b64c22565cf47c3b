-- 各省按时发布与未发布的比例 / Published on time and not published, by province
-- zh: 按省、单位层级与类别分列，附所依据的单位数；按区划代码排列，不是排名。year 空白时为最近一年。
-- en: By province, level and kind of organ, each with the number of organs that it rests on; in the order of codes, not a ranking. A blank year is the latest.
SELECT divisions.code, divisions.name, due.year, due.level, due.kind, due.value AS share_missing, due.n AS organs_due,
  punctual.value AS share_on_time, punctual.n AS organs_with_a_date, due.flags
FROM divisions
CROSS JOIN area_values AS due ON due.metric = 'M26' AND due.area = divisions.code
  AND due.year = CAST(coalesce(nullif(:year, ''), (SELECT value FROM meta WHERE key = 'last_year')) AS INTEGER)
LEFT JOIN area_values AS punctual ON punctual.metric = 'M25.on_time' AND punctual.area = due.area
  AND punctual.year = due.year AND punctual.level = due.level AND punctual.kind = due.kind
  AND punctual.scope = due.scope AND punctual.series = due.series
WHERE length(divisions.code) = 2
ORDER BY divisions.code, due.level, due.kind
LIMIT 1000

-- 上年结转与上年报告不一致 / Carried in differently from what last year carried out
-- zh: 本报告写上年结转 carried_in 件，上年报告写结转下年度 carried_out 件。未被驳回的才列出。place 是区划代码。最多 500 行。
-- en: This report carries in carried_in requests, last year’s carried out carried_out. What somebody dismissed is left out. place is a division code. At most 500 rows.
SELECT findings.report, reports.name, reports.year, reports.scope, findings.left_value AS carried_in,
  previous_reports.previous AS report_before, findings.right_value AS carried_out, findings.delta, findings.origin
FROM findings
JOIN reports ON reports.id = findings.report
LEFT JOIN previous_reports ON previous_reports.report = findings.report
WHERE findings.rule = 'Y01' AND findings.column_name = 'total' AND findings.review IN ('open', 'confirmed')
  AND findings.report >= :place AND findings.report < :place || iif(:place = '', '~', ':')
LIMIT 500

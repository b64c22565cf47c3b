-- 报告里的合计与各项之和不一致 / Printed totals that differ from the sum of their parts
-- zh: 报告写作 printed，各项之和为 summed；只列来源可归于报告本身、未被驳回的。到该报告的页面可核对原件。place 是区划代码。最多 500 行。
-- en: The report says printed, the sum of the parts is summed; only what lies with the report itself and nobody dismissed. Its page leads to the original. place is a division code. At most 500 rows.
SELECT findings.report, reports.name, reports.year, reports.scope, findings.rule, rules.zh AS rule_zh, findings.table_name,
  findings.row_name, findings.column_name, findings.right_value AS printed, findings.left_value AS summed, findings.review
FROM findings
JOIN reports ON reports.id = findings.report
JOIN rules ON rules.id = findings.rule
WHERE findings.rule IN ('A01', 'A02', 'A04') AND findings.review IN ('open', 'confirmed')
  AND findings.report >= :place AND findings.report < :place || iif(:place = '', '~', ':') AND findings.origin = 'source'
LIMIT 500

-- Reconsiderations pending at the end of last year come back in this year's total (forms 2019 and 2021)
SELECT
  p.report,
  json_object('table', 'disputes', 'row', 'reconsideration', 'column', 'total') AS place,
  before.pending AS [left],
  now.total AS [right],
  CASE WHEN now.total IS NULL OR before.pending IS NULL THEN 'not_assessable' ELSE 'fail' END AS result,
  NULL AS variant,
  '>' AS relation
FROM previous_reports AS p
JOIN reports AS r ON r.id = p.report AND r.form IN ('2019', '2021')
LEFT JOIN disputes AS now ON now.report = p.report AND now.channel = 'reconsideration'
LEFT JOIN disputes AS before ON before.report = p.previous AND before.channel = 'reconsideration'
WHERE now.total IS NULL OR before.pending IS NULL OR before.pending > now.total

-- More reconsiderations and direct suits than answers of this and last year (forms 2019 and 2021; decides what one report left open)
SELECT
  p.report,
  json_object('table', 'disputes') AS place,
  reviews.total + suits.total AS [left],
  r.closed + b.closed AS [right],
  CASE WHEN reviews.total + suits.total > r.closed + b.closed THEN 'fail' ELSE 'pass' END AS result,
  NULL AS variant,
  '>' AS relation
FROM previous_reports AS p
JOIN reports AS r ON r.id = p.report AND r.form IN ('2019', '2021')
JOIN reports AS b ON b.id = p.previous
JOIN disputes AS reviews ON reviews.report = p.report AND reviews.channel = 'reconsideration'
JOIN disputes AS suits ON suits.report = p.report AND suits.channel = 'litigation_direct'
WHERE reviews.total + suits.total > r.closed AND b.closed IS NOT NULL

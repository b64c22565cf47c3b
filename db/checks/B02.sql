-- Disputes without any request of this or last year (forms 2019 and 2021; decides what one report left open)
SELECT
  p.report,
  json_object('table', 'disputes') AS place,
  reviews.total + suits.total AS [left],
  b.requests_new + b.carried_in AS [right],
  CASE WHEN b.requests_new + b.carried_in > 0 THEN 'pass' ELSE 'fail' END AS result,
  NULL AS variant,
  'disputes, requests in both years:' AS relation
FROM previous_reports AS p
JOIN reports AS r ON r.id = p.report AND r.form IN ('2019', '2021')
JOIN reports AS b ON b.id = p.previous
JOIN disputes AS reviews ON reviews.report = p.report AND reviews.channel = 'reconsideration'
JOIN disputes AS suits ON suits.report = p.report AND suits.channel = 'litigation_direct'
WHERE reviews.total + suits.total > 0 AND r.requests_new = 0 AND r.carried_in = 0
  AND b.requests_new + b.carried_in IS NOT NULL

-- Disputes without any request of this or last year (forms 2019 and 2021; decides what one report left open)
SELECT
  r.id AS report,
  json_object('table', 'disputes') AS place,
  reviews.total + suits.total AS [left],
  b.requests_new + b.carried_in AS [right],
  CASE
    WHEN reviews.total + suits.total IS NULL OR r.requests_new + r.carried_in IS NULL THEN 'not_assessable'
    WHEN b.requests_new + b.carried_in > 0 THEN 'pass'
    ELSE 'fail'
  END AS result,
  NULL AS variant,
  'disputes, requests in both years:' AS relation
FROM reports AS r
LEFT JOIN disputes AS reviews ON reviews.report = r.id AND reviews.channel = 'reconsideration'
LEFT JOIN disputes AS suits ON suits.report = r.id AND suits.channel = 'litigation_direct'
LEFT JOIN previous_reports AS p ON p.report = r.id
LEFT JOIN reports AS b ON b.id = p.previous
WHERE r.form IN ('2019', '2021')
  AND coalesce(r.requests_new, 0) = 0 AND coalesce(r.carried_in, 0) = 0 -- with one request there may be disputes
  AND (
    reviews.total + suits.total IS NULL
    OR (
      reviews.total + suits.total > 0
      AND (r.requests_new + r.carried_in IS NULL OR b.requests_new + b.carried_in IS NOT NULL)
    )
  )

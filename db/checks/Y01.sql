-- Requests carried in equal those carried out a year before (any form; same unit, first report of each year)
SELECT
  now.id AS report,
  json_object('table', 'applications', 'row', 'carried_in', 'column', 'total') AS place,
  now.carried_in AS [left],
  before.carried_out AS [right],
  CASE WHEN now.carried_in IS NULL OR before.carried_out IS NULL THEN 'not_assessable' ELSE 'fail' END AS result,
  NULL AS variant
FROM reports AS now
JOIN reports AS before ON before.unit = now.unit AND before.year = now.year - 1
WHERE now.id = now.unit || '-' || now.year
  AND before.id = before.unit || '-' || before.year
  AND now.scope = before.scope
  AND now.carried_in IS NOT before.carried_out

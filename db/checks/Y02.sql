-- Documents in force are those of the year before, plus issued, less repealed (form 2021 in both years)
WITH figures AS (
  SELECT
    p.report,
    now.item,
    now.value AS [left],
    before.value + issued.value - repealed.value AS [right]
  FROM previous_reports AS p
  JOIN reports AS r ON r.id = p.report AND r.form = '2021'
  LEFT JOIN disclosures AS now ON now.report = p.report AND now.measure = 'in_force'
  LEFT JOIN disclosures AS before ON before.report = p.previous AND before.item = now.item AND before.measure = 'in_force'
  LEFT JOIN disclosures AS issued ON issued.report = p.report AND issued.item = now.item AND issued.measure = 'issued'
  LEFT JOIN disclosures AS repealed ON repealed.report = p.report AND repealed.item = now.item AND repealed.measure = 'repealed'
)
SELECT
  report,
  json_object('table', 'disclosures', 'row', item, 'column', 'in_force') AS place,
  [left],
  [right],
  CASE WHEN [left] IS NULL OR [right] IS NULL THEN 'not_assessable' ELSE 'fail' END AS result
FROM figures
WHERE [left] IS NULL OR [right] IS NULL OR [left] <> [right]

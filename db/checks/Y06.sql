-- Items of last year equal the items that last year's report ended with (form 2019; only a report of that form has items to end with)
WITH figures AS (
  SELECT p.report, now.item, now.value AS [left], before.value + change.value AS [right]
  FROM previous_reports AS p
  JOIN reports AS r ON r.id = p.report AND r.form = '2019'
  LEFT JOIN disclosures AS now ON now.report = p.report AND now.measure = 'items_last_year'
  LEFT JOIN disclosures AS before
    ON before.report = p.previous AND before.item = now.item AND before.measure = 'items_last_year'
  LEFT JOIN disclosures AS change
    ON change.report = p.previous AND change.item = now.item AND change.measure = 'items_change'
)
SELECT
  report,
  json_object('table', 'disclosures', 'row', item, 'column', 'items_last_year') AS place,
  [left],
  [right],
  CASE WHEN [left] IS NULL OR [right] IS NULL THEN 'not_assessable' ELSE 'fail' END AS result
FROM figures
WHERE [left] IS NULL OR [right] IS NULL OR [left] <> [right]

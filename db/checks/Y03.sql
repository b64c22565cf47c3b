-- A figure jumps against last year (more than fivefold, larger one at least 20) or lies far outside its peers (forms 2019 and 2021)
-- Peers: same level, kind, scope, form and year, at least 20 of them. Counts are skewed, so distances are taken on ln(1 + x);
-- robust z = |x − median| / (1.4826 × median absolute deviation). Only figures that mean the same in both forms are compared.
WITH figures AS (
  SELECT id AS report, 'applications' AS table_name, 'new' AS row_name, 'total' AS column_name, requests_new AS value
  FROM reports
  WHERE form IN ('2019', '2021')
  UNION ALL
  SELECT d.report, 'disclosures', d.item, d.measure, d.value
  FROM disclosures AS d
  JOIN reports AS r ON r.id = d.report AND r.form IN ('2019', '2021')
  WHERE d.measure = 'decisions' OR (d.item = 'normative_documents' AND d.measure IN ('made', 'issued'))
),
jumps AS (
  SELECT
    now.report, now.table_name, now.row_name, now.column_name, now.value AS [left], before.value AS [right],
    now.table_name = 'applications' OR b.form = r.form OR (b.form IN ('2019', '2021') AND now.column_name = 'decisions')
      AS due -- of a year without these tables the requests are said, once
  FROM figures AS now
  JOIN previous_reports AS p ON p.report = now.report
  JOIN reports AS r ON r.id = p.report
  JOIN reports AS b ON b.id = p.previous
  LEFT JOIN figures AS before
    ON before.report = p.previous AND before.row_name = now.row_name AND before.column_name = now.column_name
),
logs AS (
  SELECT f.*, ln(1 + f.value) AS x, r.level, r.kind, r.scope, r.form, r.year
  FROM figures AS f
  JOIN reports AS r ON r.id = f.report
  WHERE f.value >= 0 AND r.level IS NOT NULL AND r.year IS NOT NULL
),
ordered AS (
  SELECT *, row_number() OVER (peers ORDER BY x) AS position, count(*) OVER peers AS n
  FROM logs
  WINDOW peers AS (PARTITION BY row_name, column_name, level, kind, scope, form, year)
),
medians AS (
  SELECT row_name, column_name, level, kind, scope, form, year, n, avg(x) AS median
  FROM ordered
  WHERE n >= 20 AND position IN ((n + 1) / 2, (n + 2) / 2)
  GROUP BY row_name, column_name, level, kind, scope, form, year
),
distances AS (
  SELECT o.*, m.median, abs(o.x - m.median) AS distance
  FROM ordered AS o
  JOIN medians AS m
    ON m.row_name = o.row_name AND m.column_name = o.column_name AND m.level = o.level AND m.kind IS o.kind
    AND m.scope = o.scope AND m.form = o.form AND m.year = o.year
),
spread AS (
  SELECT *, row_number() OVER (PARTITION BY row_name, column_name, level, kind, scope, form, year ORDER BY distance) AS nth
  FROM distances
),
deviations AS (
  SELECT row_name, column_name, level, kind, scope, form, year, median, avg(distance) AS deviation
  FROM spread
  WHERE nth IN ((n + 1) / 2, (n + 2) / 2)
  GROUP BY row_name, column_name, level, kind, scope, form, year
)
SELECT
  report,
  json_object('table', table_name, 'row', row_name, 'column', column_name) AS place,
  [left],
  [right],
  CASE WHEN [left] IS NULL OR [right] IS NULL THEN 'not_assessable' ELSE 'fail' END AS result,
  NULL AS variant,
  'against' AS relation
FROM jumps
WHERE (max([left], [right]) >= 20 AND ([left] > 5 * [right] OR [right] > 5 * [left]))
  OR (due AND ([left] IS NULL OR [right] IS NULL))
UNION ALL
SELECT p.report, json_object('table', 'disclosures'), NULL, NULL, 'not_assessable', NULL, NULL
FROM previous_reports AS p
JOIN reports AS r ON r.id = p.report AND r.form IN ('2019', '2021')
WHERE NOT EXISTS (SELECT 1 FROM disclosures WHERE report = p.report AND measure = 'decisions')
UNION ALL
SELECT
  s.report,
  json_object('table', s.table_name, 'row', s.row_name, 'column', s.column_name),
  s.value,
  round(exp(d.median) - 1, 1),
  'fail',
  'peers',
  'against a median of'
FROM distances AS s
JOIN deviations AS d
  ON d.row_name = s.row_name AND d.column_name = s.column_name AND d.level = s.level AND d.kind IS s.kind
  AND d.scope = s.scope AND d.form = s.form AND d.year = s.year
WHERE d.deviation > 0 AND s.distance > 6 * 1.4826 * d.deviation AND max(s.value, exp(d.median) - 1) >= 20

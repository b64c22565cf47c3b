-- Table 二 or 三 equals that of another unit in the same year, and too many figures agree for chance (forms 2019 and 2021)
-- Small tables agree by chance every day: at least four different figures other than zero in table 三, three in table 二.
-- A table with a cell that was not read is not assessable, nor is one of nobody knows whom.
WITH printed AS (
  SELECT
    report,
    'applications' AS table_name,
    group_concat(natural_person || ' ' || business || ' ' || research || ' ' || nonprofit || ' ' || legal_service || ' '
      || other_organisation || ' ' || total) AS figures,
    count(natural_person + business + research + nonprofit + legal_service + other_organisation + total) AS readable,
    count(*) AS due,
    count(DISTINCT nullif(total, 0)) >= 4 AS telling
  FROM (SELECT * FROM applications ORDER BY report, outcome)
  GROUP BY report
  UNION ALL
  SELECT
    report,
    'disclosures',
    group_concat(item || measure || value),
    count(value),
    count(*),
    count(DISTINCT nullif(value, 0)) >= 3
  FROM (SELECT * FROM disclosures ORDER BY report, item, measure)
  GROUP BY report
),
alike AS (
  SELECT
    p.report,
    p.table_name,
    r.unit,
    count(*) OVER same AS n,
    min(r.unit) OVER same AS first_unit,
    max(r.unit) OVER same AS last_unit,
    min(r.id) OVER same AS first_report,
    max(r.id) OVER same AS last_report
  FROM printed AS p
  JOIN reports AS r ON r.id = p.report
  WHERE p.telling AND p.readable = p.due AND r.form IN ('2019', '2021') AND r.unit IS NOT NULL
  WINDOW same AS (PARTITION BY p.table_name, r.year, r.form, p.figures)
)
SELECT
  report,
  json_object('table', table_name) AS place,
  n AS [left],
  1 AS [right],
  'fail' AS result,
  NULL AS variant,
  'reports instead of' AS relation,
  CASE WHEN report = first_report THEN last_report ELSE first_report END AS quote
FROM alike
WHERE first_unit <> last_unit
UNION ALL
SELECT r.id, json_object('table', tables.name), NULL, NULL, 'not_assessable', NULL, NULL, NULL
FROM reports AS r
CROSS JOIN (SELECT 'applications' AS name UNION ALL SELECT 'disclosures') AS tables
LEFT JOIN printed AS p ON p.report = r.id AND p.table_name = tables.name
WHERE r.form IN ('2019', '2021') AND (p.report IS NULL OR p.readable < p.due OR r.unit IS NULL OR r.year IS NULL)

-- Different reports of one unit for one year: newer version, correction or mistake (every form; own and aggregate stand side by side by right)
SELECT
  one.id AS report,
  '{}' AS place,
  count(*) + 1 AS [left],
  1 AS [right],
  'fail' AS result,
  NULL AS variant,
  'reports instead of' AS relation,
  group_concat(other.id, ' ') AS quote
FROM reports AS one
JOIN reports AS other ON other.unit = one.unit AND other.year = one.year AND other.id <> one.id
WHERE (one.scope, other.scope) NOT IN (VALUES ('own', 'aggregate'), ('aggregate', 'own'))
GROUP BY one.id
UNION ALL
SELECT id, '{}', NULL, NULL, 'not_assessable', NULL, NULL, NULL
FROM reports
WHERE unit IS NULL OR year IS NULL

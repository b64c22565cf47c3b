-- The same report stands at several addresses: one report, several sources (every form)
WITH addresses AS (
  SELECT d.report, f.url FROM report_documents AS d JOIN fetches AS f ON f.document = d.document
  UNION
  SELECT d.report, o.url FROM report_documents AS d JOIN documents AS o ON o.digest = d.document
)
SELECT
  report,
  '{}' AS place,
  count(url) AS [left],
  1 AS [right],
  'fail' AS result,
  NULL AS variant,
  'addresses instead of' AS relation,
  group_concat(url, ' ') AS quote
FROM (SELECT * FROM addresses WHERE url IS NOT NULL ORDER BY report, url)
GROUP BY report
HAVING count(*) > 1

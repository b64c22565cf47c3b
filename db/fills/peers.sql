-- How one metric is spread among peers: nearest-rank percentiles; flagged values and too few peers are left out
INSERT INTO metric_peers
SELECT metric, year, series, level, kind, scope, n,
  min(value) FILTER (WHERE 100 * rank >= 10 * n),
  min(value) FILTER (WHERE 100 * rank >= 25 * n),
  min(value) FILTER (WHERE 100 * rank >= 50 * n),
  min(value) FILTER (WHERE 100 * rank >= 75 * n),
  min(value) FILTER (WHERE 100 * rank >= 90 * n)
FROM (
  SELECT metric, year, series, level, kind, scope, value,
    row_number() OVER (PARTITION BY year, series, level, kind, scope ORDER BY value) AS rank,
    count(*) OVER (PARTITION BY year, series, level, kind, scope) AS n
  FROM metric_values
  WHERE metric = :metric AND value IS NOT NULL AND unit IS NOT NULL AND year IS NOT NULL
    AND level IS NOT NULL AND kind IS NOT NULL AND (flags IS NULL OR flags = 'approximate')
)
WHERE n >= :least
GROUP BY metric, year, series, level, kind, scope

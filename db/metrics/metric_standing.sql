-- M36: each value beside its peers: same metric, year, series, level, kind and scope (every form). A band, not a rank
SELECT
  metric_values.*,
  metric_peers.n AS peers,
  metric_peers.p25,
  metric_peers.p50,
  metric_peers.p75,
  CASE
    WHEN value < p10 THEN 'below P10'
    WHEN value < p25 THEN 'P10–P25'
    WHEN value < p50 THEN 'P25–P50'
    WHEN value < p75 THEN 'P50–P75'
    WHEN value <= p90 THEN 'P75–P90'
    WHEN value > p90 THEN 'above P90'
  END AS band
FROM metric_values
LEFT JOIN metric_peers ON metric_peers.metric = metric_values.metric AND metric_peers.year = metric_values.year
  AND metric_peers.series = metric_values.series AND metric_peers.level = metric_values.level
  AND metric_peers.kind = metric_values.kind AND metric_peers.scope = metric_values.scope

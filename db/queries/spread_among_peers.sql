-- 一项指标在同类单位中的分布 / How a metric is spread among like organs
-- zh: metric 是指标编号（空白为 M4 实质公开率；M21 为复议纠错率，M7 为不予公开率）。按层级、类别与口径给出单位数和十分位、四分位、中位数，不排名次。
-- en: metric is the id of a metric (blank: M4, granted in full or in part; M21: corrected on reconsideration; M7: refused). The number of organs, tenths, quarters and median by level, kind and scope; no ranking.
SELECT metric_peers.metric, metrics.zh, metrics.en, metric_peers.year, metric_peers.series, metric_peers.level,
  metric_peers.kind, metric_peers.scope, metric_peers.n, p10, p25, p50, p75, p90, metrics.unit
FROM metric_peers
JOIN metrics ON metrics.id = metric_peers.metric
WHERE metric_peers.metric = coalesce(nullif(:metric, ''), 'M4')
  AND (:year = '' OR metric_peers.year = CAST(:year AS INTEGER))
ORDER BY metric_peers.year DESC, metric_peers.level, metric_peers.kind, metric_peers.scope
LIMIT 1000

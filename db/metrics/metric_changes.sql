-- M36: change of each metric against the year before: same line of units, scope and series (every form). Look up by line
SELECT report, unit, line, year, scope, series, metric, measured_in, value, before, value - before AS change, n, flags,
  flags_before
FROM (
  SELECT *,
    CASE WHEN lag(report) OVER same = previous THEN lag(value) OVER same END AS before,
    CASE WHEN lag(report) OVER same = previous THEN lag(flags) OVER same END AS flags_before
  FROM (
    SELECT metric_values.*, (
      SELECT previous FROM previous_reports WHERE previous_reports.report = metric_values.report
    ) AS previous
    FROM metric_values
  )
  WHERE line IS NOT NULL AND instr(coalesce(flags, ''), 'not the first report') = 0
  WINDOW same AS (PARTITION BY line, scope, series, metric ORDER BY year, report)
)

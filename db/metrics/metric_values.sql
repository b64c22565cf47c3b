-- Every metric of every report with what it rests on (forms: see metrics). Empty where an operand was not read or the denominator is 0; never compare own with aggregate, nor across series
SELECT
  formulas.report,
  formulas.unit,
  formulas.line,
  reports.division,
  reports.year,
  reports.level,
  reports.kind,
  reports.form,
  reports.scope,
  formulas.metric,
  metrics.unit AS measured_in,
  CASE WHEN metrics.shape != 'ratio' THEN numerator WHEN denominator > 0 THEN 1.0 * numerator / denominator END AS value,
  CASE metrics.shape WHEN 'ratio' THEN denominator WHEN 'count' THEN numerator END AS n,
  numerator,
  denominator,
  CASE
    WHEN reports.form IN ('2014', 'none') OR metrics.series = 'form' THEN reports.form
    WHEN metrics.series = 'law2024' AND reports.year >= 2024 THEN '2024'
    ELSE '2019'
  END AS series,
  nullif(ltrim(
    CASE WHEN numerator IS NULL OR (metrics.shape = 'ratio' AND denominator IS NULL) THEN '; operand missing' ELSE '' END
    || CASE WHEN metrics.shape = 'ratio' AND denominator = 0 THEN '; denominator 0' WHEN metrics.shape = 'ratio' AND denominator < 0 THEN '; denominator below 0' ELSE '' END
    || CASE WHEN metrics.shape = 'ratio' AND denominator > 0 AND denominator < metrics.min_n THEN '; small n' ELSE '' END
    || CASE WHEN reports.form = '2014' AND metrics.series != 'form' AND metrics.operands != '' THEN '; approximate' ELSE '' END
    || CASE WHEN operands.first = 0 THEN '; not the first report' ELSE '' END
    || coalesce((
      SELECT '; ' || group_concat(flag, '; ') FROM (
        SELECT DISTINCT operand_flags.flag FROM operand_flags
        JOIN metric_operands ON metric_operands.operand = operand_flags.operand
        WHERE operand_flags.report = formulas.report AND metric_operands.metric = formulas.metric
        UNION
        -- M31.gap takes last year's figure too (see document_metrics)
        SELECT operand_flags.flag FROM previous_reports
        JOIN operand_flags ON operand_flags.report = previous_reports.previous
          AND operand_flags.operand = 'documents_in_force'
        WHERE formulas.metric = 'M31.gap' AND previous_reports.report = formulas.report
        ORDER BY 1
      )
    ), ''), '; '), '') AS flags
FROM (
  SELECT * FROM request_metrics
  UNION ALL SELECT * FROM outcome_metrics
  UNION ALL SELECT * FROM dispute_metrics
  UNION ALL SELECT * FROM document_metrics
  UNION ALL SELECT * FROM quality_metrics
  UNION ALL SELECT * FROM statistics_metrics
) AS formulas
CROSS JOIN metrics ON metrics.id = formulas.metric -- CROSS: the formulas come first, so that nothing is materialised
CROSS JOIN reports ON reports.id = formulas.report AND instr(metrics.forms, reports.form) > 0
CROSS JOIN operands ON operands.report = formulas.report

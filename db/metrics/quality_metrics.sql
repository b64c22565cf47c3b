-- M25, M27 to M30, M37: when it was published, how it is made, what the rules say of it (every form). Formulas; values with their flags: metric_values
SELECT report, unit, line, 'M25' AS metric, days_late AS numerator, NULL AS denominator FROM operands
UNION ALL SELECT report, unit, line, 'M27.findings', template_findings, NULL FROM operands
UNION ALL SELECT report, unit, line, 'M27.sections', sections, 6 FROM operands
UNION ALL SELECT report, unit, line, 'M28', sums_broken, sums_broken IS NOT NULL FROM operands
UNION ALL SELECT report, unit, line, 'M29', like_last_year, NULL FROM operands
UNION ALL SELECT report, unit, line, 'M30', like_another, NULL FROM operands
UNION ALL SELECT report, unit, line, 'M37', max(0, 1 - 0.10 * errors - 0.03 * warnings - 0.01 * notices), NULL FROM operands

-- M35: how requests came in and whether they were closed in time (form 2014 only). Formulas; values with their flags: metric_values
SELECT report, unit, line, 'M35.online' AS metric, received_online AS numerator, requests_new AS denominator FROM operands
UNION ALL SELECT report, unit, line, 'M35.on_time', closed_on_time, closed FROM operands

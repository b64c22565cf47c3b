-- M31 to M33: normative documents, decisions, fees (M31 and M33 form 2021, M32 forms 2019 and 2021; stocks of 2019 and 2021 do not join). Formulas; values with their flags: metric_values
SELECT report, unit, line, 'M31.issued' AS metric, documents_issued AS numerator, documents_in_force AS denominator FROM operands
UNION ALL SELECT report, unit, line, 'M31.repealed', documents_repealed, documents_in_force FROM operands
UNION ALL SELECT now.report, now.unit, now.line, 'M31.gap', now.documents_in_force - before.documents_in_force - now.documents_issued + now.documents_repealed, NULL
  FROM operands AS now
  LEFT JOIN previous_reports ON previous_reports.report = now.report
  LEFT JOIN operands AS before ON before.report = previous_reports.previous
UNION ALL SELECT report, unit, line, 'M32.licensing', licensing_decisions, NULL FROM operands
UNION ALL SELECT report, unit, line, 'M32.penalties', penalties_decisions, NULL FROM operands
UNION ALL SELECT report, unit, line, 'M32.coercion', coercion_decisions, NULL FROM operands
UNION ALL SELECT report, unit, line, 'M32.licensing_penalties', licensing_decisions, penalties_decisions FROM operands
UNION ALL SELECT report, unit, line, 'M33.fees', fees_amount, NULL FROM operands
UNION ALL SELECT report, unit, line, 'M33.processing_fee', processing_fee, NULL FROM operands

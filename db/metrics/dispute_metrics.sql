-- M20 to M24: reconsiderations and lawsuits (forms 2019 and 2021; M21 also 2014). The law breaks these series at 2024. Formulas; values with their flags: metric_values
SELECT report, unit, line, 'M20' AS metric, review_total + direct_total AS numerator, closed AS denominator FROM operands
UNION ALL SELECT report, unit, line, 'M21', review_corrected, review_upheld + review_corrected + review_other FROM operands
UNION ALL SELECT report, unit, line, 'M21.of_total', review_corrected, review_total FROM operands
UNION ALL SELECT report, unit, line, 'M21.of_merits', review_corrected, review_upheld + review_corrected FROM operands
UNION ALL SELECT report, unit, line, 'M22', direct_corrected + after_corrected, direct_upheld + direct_corrected + direct_other + after_upheld + after_corrected + after_other FROM operands
UNION ALL SELECT report, unit, line, 'M22.direct', direct_corrected, direct_upheld + direct_corrected + direct_other FROM operands
UNION ALL SELECT report, unit, line, 'M22.after', after_corrected, after_upheld + after_corrected + after_other FROM operands
UNION ALL SELECT report, unit, line, 'M23.review', review_pending, review_total FROM operands
UNION ALL SELECT report, unit, line, 'M23.direct', direct_pending, direct_total FROM operands
UNION ALL SELECT report, unit, line, 'M23.after', after_pending, after_total FROM operands
UNION ALL SELECT report, unit, line, 'M24', after_total, review_upheld + review_corrected + review_other FROM operands

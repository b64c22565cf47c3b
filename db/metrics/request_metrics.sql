-- M1, M2, M14, M15, M16: requests received, who asks, what is carried over (forms 2019 and 2021; M1 also 2014). Formulas; values with their flags: metric_values
SELECT report, unit, line, 'M1' AS metric, requests_new AS numerator, NULL AS denominator FROM operands
UNION ALL SELECT report, unit, line, 'M2', requests_new + carried_in, NULL FROM operands
UNION ALL SELECT report, unit, line, 'M14', carried_out, requests_new + carried_in FROM operands
UNION ALL SELECT report, unit, line, 'M15.clearance', closed, requests_new FROM operands
UNION ALL SELECT report, unit, line, 'M15.backlog', carried_out - carried_in, NULL FROM operands
UNION ALL SELECT report, unit, line, 'M16.natural_person', new_natural_person, requests_new FROM operands
UNION ALL SELECT report, unit, line, 'M16.business', new_business, requests_new FROM operands
UNION ALL SELECT report, unit, line, 'M16.research', new_research, requests_new FROM operands
UNION ALL SELECT report, unit, line, 'M16.nonprofit', new_nonprofit, requests_new FROM operands
UNION ALL SELECT report, unit, line, 'M16.legal_service', new_legal_service, requests_new FROM operands
UNION ALL SELECT report, unit, line, 'M16.other_organisation', new_other_organisation, requests_new FROM operands

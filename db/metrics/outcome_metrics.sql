-- M3 to M13, M17: what became of the requests closed (forms 2019 and 2021; M3 and M4 also 2014). Formulas; values with their flags: metric_values
SELECT report, unit, line, 'M3' AS metric, granted AS numerator, closed AS denominator FROM operands
UNION ALL SELECT report, unit, line, 'M4', granted + partly_granted, closed FROM operands
UNION ALL SELECT report, unit, line, 'M5', granted + partly_granted, granted + partly_granted + refused FROM operands
UNION ALL SELECT report, unit, line, 'M6', granted, closed - unable_not_held - unable_still_unclear - other FROM operands
UNION ALL SELECT report, unit, line, 'M6.procedural', granted, closed - unable_not_held - unable_still_unclear - other - unprocessed FROM operands
UNION ALL SELECT report, unit, line, 'M7', refused, closed FROM operands
UNION ALL SELECT report, unit, line, 'M7.state_secret', refused_state_secret, closed FROM operands
UNION ALL SELECT report, unit, line, 'M7.other_law', refused_other_law, closed FROM operands
UNION ALL SELECT report, unit, line, 'M7.security_stability', refused_security_stability, closed FROM operands
UNION ALL SELECT report, unit, line, 'M7.third_party', refused_third_party, closed FROM operands
UNION ALL SELECT report, unit, line, 'M7.internal', refused_internal, closed FROM operands
UNION ALL SELECT report, unit, line, 'M7.deliberative', refused_deliberative, closed FROM operands
UNION ALL SELECT report, unit, line, 'M7.enforcement_file', refused_enforcement_file, closed FROM operands
UNION ALL SELECT report, unit, line, 'M7.registry_query', refused_registry_query, closed FROM operands
UNION ALL SELECT report, unit, line, 'M7.state_secret.of_refused', refused_state_secret, refused FROM operands
UNION ALL SELECT report, unit, line, 'M7.other_law.of_refused', refused_other_law, refused FROM operands
UNION ALL SELECT report, unit, line, 'M7.security_stability.of_refused', refused_security_stability, refused FROM operands
UNION ALL SELECT report, unit, line, 'M7.third_party.of_refused', refused_third_party, refused FROM operands
UNION ALL SELECT report, unit, line, 'M7.internal.of_refused', refused_internal, refused FROM operands
UNION ALL SELECT report, unit, line, 'M7.deliberative.of_refused', refused_deliberative, refused FROM operands
UNION ALL SELECT report, unit, line, 'M7.enforcement_file.of_refused', refused_enforcement_file, refused FROM operands
UNION ALL SELECT report, unit, line, 'M7.registry_query.of_refused', refused_registry_query, refused FROM operands
UNION ALL SELECT report, unit, line, 'M8', unable_not_held, closed FROM operands
UNION ALL SELECT report, unit, line, 'M9', unable, closed FROM operands
UNION ALL SELECT report, unit, line, 'M10', unprocessed, closed FROM operands
UNION ALL SELECT report, unit, line, 'M10.petition', unprocessed_petition, closed FROM operands
UNION ALL SELECT report, unit, line, 'M10.repeat_abuse', unprocessed_repeat + unprocessed_abusive, closed FROM operands
UNION ALL SELECT report, unit, line, 'M11', unable + unprocessed, unable + unprocessed + refused FROM operands
UNION ALL SELECT report, unit, line, 'M12.no_correction', other_no_correction, closed FROM operands
UNION ALL SELECT report, unit, line, 'M12.fee_unpaid', other_fee_unpaid, closed FROM operands
UNION ALL SELECT report, operands.unit, line, 'M13', CASE form WHEN '2021' THEN other_else ELSE other_merged END, operands.closed
  FROM operands JOIN reports ON reports.id = report
UNION ALL SELECT report, unit, line, 'M17.natural_person', granted_natural_person + partly_granted_natural_person, closed_natural_person FROM operands
UNION ALL SELECT report, unit, line, 'M17.business', granted_business + partly_granted_business, closed_business FROM operands
UNION ALL SELECT report, unit, line, 'M17.research', granted_research + partly_granted_research, closed_research FROM operands
UNION ALL SELECT report, unit, line, 'M17.nonprofit', granted_nonprofit + partly_granted_nonprofit, closed_nonprofit FROM operands
UNION ALL SELECT report, unit, line, 'M17.legal_service', granted_legal_service + partly_granted_legal_service, closed_legal_service FROM operands
UNION ALL SELECT report, unit, line, 'M17.other_organisation', granted_other_organisation + partly_granted_other_organisation, closed_other_organisation FROM operands

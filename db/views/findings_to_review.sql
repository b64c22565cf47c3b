-- Errors and warnings that nobody has decided about yet and no correction resolved, with the words of their rule (all forms)
SELECT findings.report, findings.rule, rules.zh, findings.severity, findings.origin, findings.message, findings.fingerprint
FROM findings
JOIN rules ON rules.id = findings.rule
WHERE findings.severity IN ('error', 'warning') AND findings.review = 'open'

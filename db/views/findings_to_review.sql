-- Errors and warnings that nobody has decided about yet, with the words of their rule (all forms)
SELECT findings.report, findings.rule, rules.zh, findings.severity, findings.origin, findings.message, findings.fingerprint
FROM findings
JOIN rules ON rules.id = findings.rule
WHERE findings.severity IN ('error', 'warning')
  AND NOT EXISTS (
    SELECT 1 FROM reviews
    WHERE reviews.report = findings.report AND reviews.fingerprint = findings.fingerprint AND reviews.verdict != 'open'
  )

-- Reports whose unit or year is not certain, for a person to decide: names that several places share, evidence that contradicts itself. All forms.
SELECT
  reports.id AS report, reports.title, reports.year, reports.level, reports.kind,
  max(unit_evidence.candidates) AS candidates,
  group_concat(CASE WHEN unit_evidence.agrees THEN unit_evidence.kind || ': ' || unit_evidence.text END, '; ') AS evidence,
  group_concat(CASE WHEN unit_evidence.agrees = 0 THEN unit_evidence.kind || ': ' || unit_evidence.text END, '; ') AS contradictions,
  documents.url
FROM reports
JOIN documents ON documents.digest = reports.document
LEFT JOIN unit_evidence ON unit_evidence.report = reports.id
WHERE reports.unit IS NULL OR reports.year IS NULL
GROUP BY reports.id

-- Findings and expected reports counted by place, for every division with all below it and for all that is held
CREATE TEMP TABLE places AS
WITH RECURSIVE above(code, place) AS (
  SELECT code, code FROM divisions
  UNION ALL
  SELECT above.code, divisions.parent FROM above JOIN divisions ON divisions.code = above.place
  WHERE divisions.parent IS NOT NULL
)
SELECT code, place FROM above;
CREATE INDEX places_code ON places(code);
CREATE TEMP TABLE found AS
SELECT reports.division, rule, severity, review, count(*) AS findings
FROM findings JOIN reports ON reports.id = findings.report
GROUP BY reports.division, rule, severity, review;
INSERT INTO finding_counts
SELECT '', rule, severity, review, sum(findings) FROM found GROUP BY rule, severity, review;
INSERT INTO finding_counts
SELECT place, rule, severity, review, sum(findings) FROM found JOIN places ON places.code = found.division
GROUP BY place, rule, severity, review;
CREATE TEMP TABLE due AS
SELECT division, year, state, count(*) AS units FROM expected JOIN units ON units.id = expected.unit
GROUP BY division, year, state;
INSERT INTO expected_counts SELECT '', year, state, sum(units) FROM due GROUP BY year, state;
INSERT INTO expected_counts
SELECT place, year, state, sum(units) FROM due JOIN places ON places.code = due.division GROUP BY place, year, state;
DROP TABLE due;
DROP TABLE found;
DROP TABLE places

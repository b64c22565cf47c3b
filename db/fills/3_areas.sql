-- Metrics over areas: all that is held, and every division from province to county. Scopes and kinds are never mixed
CREATE TEMP TABLE areas AS
WITH RECURSIVE above(code, area) AS (
  SELECT code, code FROM divisions
  UNION ALL
  SELECT above.code, divisions.parent FROM above JOIN divisions ON divisions.code = above.area
  WHERE divisions.parent IS NOT NULL
)
SELECT code, area FROM above WHERE length(area) < 9
UNION ALL SELECT code, '' FROM divisions;
CREATE INDEX areas_code ON areas(code);
-- M19: zero requests. M28: sums that do not hold. Only the report that stands for its unit and year; a number of
-- requests with an error at it counts as none
CREATE TEMP TABLE counted AS
SELECT reports.*, operands.sums_broken, CASE form WHEN '2014' THEN '2014' ELSE '2019' END AS series,
  CASE WHEN NOT EXISTS (
    SELECT 1 FROM operand_flags
    WHERE operand_flags.report = reports.id AND operand = 'requests_new' AND flag = 'operand flagged'
  ) THEN operands.requests_new END AS asked
FROM reports JOIN operands ON operands.report = reports.id
WHERE operands.first AND division IS NOT NULL AND level IS NOT NULL AND kind IS NOT NULL AND form != 'none';
INSERT INTO area_values
SELECT 'M19', area, year, level, kind, scope, series, 1.0 * sum(asked = 0) / count(asked),
  count(asked), sum(asked = 0), count(asked), CASE series WHEN '2014' THEN 'approximate' END
FROM counted JOIN areas ON areas.code = counted.division
GROUP BY area, year, level, kind, scope, series;
INSERT INTO area_values
SELECT 'M28.area', area, year, level, kind, scope, series, 1.0 * sum(sums_broken) / count(sums_broken),
  count(sums_broken), sum(sums_broken), count(sums_broken), NULL
FROM counted JOIN areas ON areas.code = counted.division
WHERE form IN ('2019', '2021')
GROUP BY area, year, level, kind, scope, series;
-- M25, M26: no figure of a report is used, so their scope is any. The law that sets the deadline changed with 2019
CREATE TEMP TABLE due AS
SELECT area, year, level, kind, CASE WHEN year >= 2019 THEN '2019' ELSE '2014' END AS series, state, days_late,
  basis = 'assumed' AS assumed
FROM expected JOIN units ON units.id = expected.unit JOIN areas ON areas.code = units.division
WHERE level IS NOT NULL AND kind IS NOT NULL;
INSERT INTO area_values
SELECT 'M25.on_time', area, year, level, kind, 'any', series, 1.0 * sum(days_late <= 0) / nullif(count(days_late), 0),
  count(days_late), sum(days_late <= 0), count(days_late), CASE WHEN max(assumed) THEN 'deadline assumed' END
FROM due WHERE state IN ('published', 'late')
GROUP BY area, year, level, kind, series;
INSERT INTO area_values
SELECT 'M25.median_days', area, year, level, kind, 'any', series, min(days_late) FILTER (WHERE 2 * rank >= n), n,
  NULL, NULL, CASE WHEN max(assumed) THEN 'deadline assumed' END
FROM (
  SELECT *, row_number() OVER (PARTITION BY area, year, level, kind, series ORDER BY days_late) AS rank,
    count(*) OVER (PARTITION BY area, year, level, kind, series) AS n
  FROM due WHERE days_late IS NOT NULL
)
GROUP BY area, year, level, kind, series;
INSERT INTO area_values
SELECT 'M26', area, year, level, kind, 'any', series, 1.0 * sum(state = 'missing') / count(*), count(*),
  sum(state = 'missing'), count(*), NULL
FROM due WHERE state IN ('published', 'late', 'missing')
GROUP BY area, year, level, kind, series;
-- M34: what lies directly below (own departments; townships; aggregates of lower governments) over the aggregate above
CREATE INDEX counted_place ON counted(division, year, series);
CREATE TEMP TABLE due_below AS
SELECT area, year, count(*) AS units FROM (
  SELECT units.division AS area, year, state FROM expected JOIN units ON units.id = unit WHERE kind != 'government'
  UNION ALL
  SELECT divisions.parent, year, state FROM expected JOIN divisions ON divisions.code = unit
) WHERE state NOT IN ('not_required', 'merged') GROUP BY area, year;
CREATE INDEX due_below_area ON due_below(area, year);
-- CROSS: from above to below, else every government meets every unit of its year
CREATE TEMP TABLE below AS
SELECT upper.id AS report, lower.asked
FROM counted AS upper
CROSS JOIN counted AS lower ON lower.division = upper.division AND lower.year = upper.year AND lower.series = upper.series
WHERE upper.kind = 'government' AND upper.scope = 'aggregate' AND lower.kind != 'government' AND lower.scope = 'own'
UNION ALL
SELECT upper.id, lower.asked
FROM counted AS upper
CROSS JOIN divisions AS place ON place.parent = upper.division
CROSS JOIN counted AS lower ON lower.division = place.code AND lower.year = upper.year AND lower.series = upper.series
WHERE upper.kind = 'government' AND upper.scope = 'aggregate' AND lower.unit = place.code
  AND lower.scope = CASE place.level WHEN 'township' THEN 'own' ELSE 'aggregate' END;
INSERT INTO area_values
SELECT 'M34', counted.division, counted.year, level, kind, scope, series,
  CASE
    WHEN count(*) = count(below.asked) THEN 1.0 * sum(below.asked) / nullif(counted.asked, 0)
  END,
  count(*), CASE WHEN count(*) = count(below.asked) THEN sum(below.asked) END, counted.asked,
  nullif(ltrim(
    CASE WHEN count(*) > count(below.asked) OR counted.asked IS NULL THEN '; operand missing' ELSE '' END
    -- not published, not read, or of another scope than can be added up
    || CASE WHEN units > count(*) THEN '; incomplete: ' || (units - count(*)) || ' missing' ELSE '' END, '; '), '')
FROM counted JOIN below ON below.report = counted.id
LEFT JOIN due_below ON due_below.area = counted.division AND due_below.year = counted.year
GROUP BY counted.id;
UPDATE area_values SET flags = ltrim(coalesce(flags, '') || '; small n', '; ')
WHERE n < (SELECT min_n FROM metrics WHERE metrics.id = area_values.metric);
DROP TABLE below;
DROP TABLE due_below;
DROP TABLE due;
DROP TABLE counted;
DROP TABLE areas

-- Which operands are not plain. An error on a whole row or column flags every operand in it: nobody knows which it is
CREATE TEMP TABLE operand_cells AS
SELECT DISTINCT operand, table_name, row_name, column_name FROM metric_operands;
INSERT OR IGNORE INTO operand_flags
SELECT findings.report, operand_cells.operand, 'operand flagged'
FROM findings
JOIN operand_cells ON operand_cells.table_name = findings.table_name
  AND (findings.row_name IS NULL OR operand_cells.row_name = findings.row_name)
  AND (
    findings.column_name IS NULL OR operand_cells.column_name IS NULL
    OR operand_cells.column_name = findings.column_name
  )
WHERE findings.severity = 'error' AND findings.review IN ('open', 'confirmed');
INSERT OR IGNORE INTO operand_flags
SELECT report, operand, iif(assumed_zero, 'assumed zero', 'operand derivable')
FROM derived JOIN operand_cells USING (table_name, row_name, column_name);
INSERT OR IGNORE INTO operand_flags
SELECT report, operand, 'operand corrected'
FROM cells JOIN operand_cells USING (table_name, row_name, column_name)
WHERE cells.reason LIKE 'corrected%';
-- Y08 without years: all tables are last year's, so no figure is this year's
INSERT OR IGNORE INTO operand_flags
SELECT findings.report, operand_cells.operand, 'operand flagged'
FROM findings CROSS JOIN operand_cells
WHERE findings.rule = 'Y08' AND findings.left_value IS NULL AND findings.review IN ('open', 'confirmed');
DROP TABLE operand_cells

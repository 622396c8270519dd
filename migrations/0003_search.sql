-- The words of steps. The text itself is read from `steps`; a row is written when the step is indexed, which may be a
-- little later than the step, and goes with it.
CREATE VIRTUAL TABLE `steps_text` USING fts5(`text`, content='steps', content_rowid='key', tokenize='unicode61 remove_diacritics 2');
--> statement-breakpoint
-- Every word at every place: by it the words that begin in some way are found.
CREATE VIRTUAL TABLE `steps_words` USING fts5vocab('steps_text', 'instance');
--> statement-breakpoint
CREATE TRIGGER `steps_text_removed` AFTER DELETE ON `steps` WHEN EXISTS (SELECT 1 FROM `steps_text_docsize` WHERE `id` = old.`key`)
BEGIN
	INSERT INTO `steps_text` (`steps_text`, `rowid`, `text`) VALUES ('delete', old.`key`, old.`text`);
END;
--> statement-breakpoint
-- What stands around matches in snippets must not stand in texts.
UPDATE `steps` SET `text` = replace(replace(`text`, char(0xFDD0), ' '), char(0xFDD1), ' ')
WHERE instr(`text`, char(0xFDD0)) OR instr(`text`, char(0xFDD1));
--> statement-breakpoint
INSERT INTO `steps_text` (`rowid`, `text`) SELECT `key`, `text` FROM `steps` ORDER BY `key`;
--> statement-breakpoint
UPDATE `interactions` SET `change` = `key`;
--> statement-breakpoint
INSERT INTO `clock_lag` (`lag`) SELECT coalesce(max(`latest` - `created_at`), 0)
FROM (SELECT `created_at`, max(`created_at`) OVER (ORDER BY `key`) AS `latest` FROM `interactions`);
--> statement-breakpoint
INSERT INTO `labels` (`interaction`, `key`, `value`)
SELECT `interactions`.`key`, `label`.`key`, `label`.`value` FROM `interactions`, json_each(`settings`, '$.labels') AS `label`;
--> statement-breakpoint
INSERT INTO `usage_by_day`
SELECT `created_at` / 86400000, `status`, `provider`, coalesce(`model`, ''), coalesce(`agent`, ''), count(*),
	sum(coalesce(`usage` ->> '$.total_tokens', 0)), sum(coalesce(`usage` ->> '$.total_input_tokens', 0)),
	sum(coalesce(`usage` ->> '$.total_cached_tokens', 0)), sum(coalesce(`usage` ->> '$.total_output_tokens', 0)),
	sum(coalesce(`usage` ->> '$.total_tool_use_tokens', 0)), sum(coalesce(`usage` ->> '$.total_thought_tokens', 0))
FROM `interactions` WHERE `status` <> 'in_progress' GROUP BY 1, 2, 3, 4, 5;
--> statement-breakpoint
-- A step without a name has that of a call before it, or else of one in the interaction before. What stands before the
-- last turn of an input is history, and does not count.
INSERT INTO `tool_uses`
SELECT `interaction`, `tool`, `name`, sum(`type` = 'tool_call' AND `side` = 'output'), sum(`type` = 'tool_result' AND `is_new`),
	sum(`type` = 'tool_result' AND `is_new` AND `failed`)
FROM (
	SELECT `used`.`interaction`, `used`.`tool`, `used`.`type`, `used`.`side`,
		CASE WHEN `used`.`tool` IN ('function', 'mcp_server') THEN coalesce(
			nullif(`used`.`body` ->> '$.name', ''),
			(
				SELECT `call`.`body` ->> '$.name' FROM `steps` AS `call`
				WHERE `call`.`interaction` = `used`.`interaction` AND `call`.`side` = `used`.`side` AND `call`.`index` < `used`.`index`
					AND `call`.`type` = 'tool_call' AND `call`.`call_id` = `used`.`call_id` AND `call`.`body` ->> '$.name' <> ''
				ORDER BY `call`.`index` DESC LIMIT 1
			),
			(
				SELECT `call`.`body` ->> '$.name' FROM `interactions` AS `own`
				JOIN `interactions` AS `previous` ON `previous`.`id` = `own`.`previous_id`
				JOIN `steps` AS `call` ON `call`.`interaction` = `previous`.`key`
				WHERE `own`.`key` = `used`.`interaction`
					AND `call`.`type` = 'tool_call' AND `call`.`call_id` = `used`.`call_id` AND `call`.`body` ->> '$.name' <> ''
				ORDER BY `call`.`key` LIMIT 1
			),
			`used`.`tool`
		) ELSE `used`.`tool` END AS `name`,
		`used`.`side` = 'output' OR `used`.`turn` = (
			SELECT max(`last`.`turn`) FROM `steps` AS `last` WHERE `last`.`interaction` = `used`.`interaction` AND `last`.`side` = 'input'
		) AS `is_new`,
		coalesce(`used`.`body` ->> '$.is_error', 0) AS `failed`
	FROM `steps` AS `used` WHERE `used`.`tool` IS NOT NULL
) GROUP BY 1, 2, 3;
--> statement-breakpoint
UPDATE `blob_uses` SET `mime_type` = (
	SELECT json_extract(`steps`.`body`, `place`.`path` || '.mime_type') FROM `steps`, json_tree(`steps`.`body`) AS `place`
	WHERE `steps`.`interaction` = `blob_uses`.`interaction` AND `place`.`key` = 'blob' AND `place`.`value` = `blob_uses`.`sha256`
	ORDER BY `steps`.`key` LIMIT 1
);

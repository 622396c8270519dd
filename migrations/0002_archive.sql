CREATE TABLE `clock_lag` (
	`lag` integer PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE `labels` (
	`interaction` integer NOT NULL,
	`key` text NOT NULL,
	`value` text NOT NULL,
	PRIMARY KEY(`interaction`, `key`),
	FOREIGN KEY (`interaction`) REFERENCES `interactions`(`key`) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `labels_value` ON `labels` (`key`,`value`,`interaction`);--> statement-breakpoint
CREATE INDEX `labels_key` ON `labels` (`key`,`interaction`);--> statement-breakpoint
CREATE TABLE `removals` (
	`change` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `tool_uses` (
	`interaction` integer NOT NULL,
	`tool` text NOT NULL,
	`name` text NOT NULL,
	`calls` integer NOT NULL,
	`results` integer NOT NULL,
	`failures` integer NOT NULL,
	PRIMARY KEY(`interaction`, `tool`, `name`),
	FOREIGN KEY (`interaction`) REFERENCES `interactions`(`key`) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `tool_uses_name` ON `tool_uses` (`name`,`interaction`);--> statement-breakpoint
CREATE TABLE `usage_by_day` (
	`day` integer NOT NULL,
	`status` text NOT NULL,
	`provider` text NOT NULL,
	`model` text NOT NULL,
	`agent` text NOT NULL,
	`interactions` integer NOT NULL,
	`total_tokens` integer NOT NULL,
	`input_tokens` integer NOT NULL,
	`cached_tokens` integer NOT NULL,
	`output_tokens` integer NOT NULL,
	`tool_use_tokens` integer NOT NULL,
	`thought_tokens` integer NOT NULL,
	PRIMARY KEY(`day`, `status`, `provider`, `model`, `agent`)
) WITHOUT ROWID;
--> statement-breakpoint
ALTER TABLE `blob_uses` ADD `mime_type` text;--> statement-breakpoint
ALTER TABLE `interactions` ADD `change` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `interactions_created` ON `interactions` (`created_at`);--> statement-breakpoint
CREATE INDEX `interactions_updated` ON `interactions` (`updated_at`);--> statement-breakpoint
CREATE INDEX `interactions_model` ON `interactions` (`model`);--> statement-breakpoint
CREATE INDEX `interactions_agent` ON `interactions` (`agent`) WHERE agent is not null;--> statement-breakpoint
CREATE INDEX `interactions_provider` ON `interactions` (`provider`);--> statement-breakpoint
CREATE INDEX `interactions_errors` ON `interactions` (`key`) WHERE errors is not null;--> statement-breakpoint
CREATE INDEX `interactions_change` ON `interactions` (`change`);
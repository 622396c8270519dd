ALTER TABLE `interactions` ADD `upstream_model` text;--> statement-breakpoint
ALTER TABLE `interactions` ADD `upstream_id` text;--> statement-breakpoint
ALTER TABLE `interactions` ADD `degraded` text;
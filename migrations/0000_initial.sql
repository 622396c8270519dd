CREATE TABLE `blob_uses` (
	`interaction` integer NOT NULL,
	`sha256` text NOT NULL,
	PRIMARY KEY(`interaction`, `sha256`),
	FOREIGN KEY (`interaction`) REFERENCES `interactions`(`key`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`sha256`) REFERENCES `blobs`(`sha256`) ON UPDATE no action ON DELETE no action
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `blob_uses_sha256` ON `blob_uses` (`sha256`);--> statement-breakpoint
CREATE TABLE `blobs` (
	`sha256` text PRIMARY KEY NOT NULL,
	`size` integer NOT NULL,
	`bytes` blob NOT NULL
);
--> statement-breakpoint
CREATE TABLE `events` (
	`interaction` integer NOT NULL,
	`sequence` integer NOT NULL,
	`at` integer NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`interaction`, `sequence`),
	FOREIGN KEY (`interaction`) REFERENCES `interactions`(`key`) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `interactions` (
	`key` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`root_id` text NOT NULL,
	`previous_id` text,
	`status` text NOT NULL,
	`model` text,
	`agent` text,
	`provider` text NOT NULL,
	`revision` text NOT NULL,
	`background` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`settings` text NOT NULL,
	`usage` text,
	`errors` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `interactions_id` ON `interactions` (`id`);--> statement-breakpoint
CREATE INDEX `interactions_root` ON `interactions` (`root_id`,`key`);--> statement-breakpoint
CREATE INDEX `interactions_previous` ON `interactions` (`previous_id`);--> statement-breakpoint
CREATE INDEX `interactions_status` ON `interactions` (`status`,`updated_at`);--> statement-breakpoint
CREATE TABLE `steps` (
	`key` integer PRIMARY KEY NOT NULL,
	`interaction` integer NOT NULL,
	`side` text NOT NULL,
	`index` integer NOT NULL,
	`turn` integer NOT NULL,
	`type` text NOT NULL,
	`tool` text,
	`call_id` text,
	`text` text,
	`body` text NOT NULL,
	FOREIGN KEY (`interaction`) REFERENCES `interactions`(`key`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `steps_place` ON `steps` (`interaction`,`side`,`index`);
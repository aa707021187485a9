CREATE TABLE `connections` (
	`key` text NOT NULL,
	`provider` text NOT NULL,
	`owner_kind` text NOT NULL,
	`owner_id` text NOT NULL,
	`account` text NOT NULL,
	`owner_key` text NOT NULL,
	`account_key` text NOT NULL,
	`exclusive_key` text,
	`session_key` text,
	`value` text NOT NULL,
	`version` text NOT NULL,
	`connected_at` real NOT NULL,
	`due_at` real,
	`expires_at` real
);
--> statement-breakpoint
CREATE UNIQUE INDEX `connections_key_unique` ON `connections` (`key`);--> statement-breakpoint
CREATE UNIQUE INDEX `connections_exclusive_key_unique` ON `connections` (`exclusive_key`);--> statement-breakpoint
CREATE INDEX `connections_owner` ON `connections` (`owner_key`);--> statement-breakpoint
CREATE INDEX `connections_account` ON `connections` (`account_key`);--> statement-breakpoint
CREATE INDEX `connections_session` ON `connections` (`session_key`);--> statement-breakpoint
CREATE INDEX `connections_due` ON `connections` (`due_at`);--> statement-breakpoint
CREATE INDEX `connections_expires` ON `connections` (`expires_at`);--> statement-breakpoint
CREATE TABLE `posts` (
	`id` text PRIMARY KEY NOT NULL,
	`text` text NOT NULL,
	`posted_at` integer NOT NULL
);

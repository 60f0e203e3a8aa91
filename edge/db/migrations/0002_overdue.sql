CREATE TABLE `overdue` (
	`workspace` text PRIMARY KEY NOT NULL,
	`runs` integer NOT NULL,
	`since` integer NOT NULL,
	FOREIGN KEY (`workspace`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade
);

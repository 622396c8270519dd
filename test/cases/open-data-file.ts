import { writeSync } from "node:fs";
import { createDriver } from "../../db/driver.ts";
import { openDatabase } from "../../db/open-database.ts";

// Opens the data file that its argument names, and says how far it is. Lines are written at once: this process gets killed.

const file = process.argv[2] ?? "";
const database = openDatabase(file, createDriver(), () => writeSync(1, "upgrading\n"));
writeSync(1, "open\n");
database.close();

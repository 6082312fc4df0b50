/** What is done on a mount: scenarios of small files, listings, fio, SQLite, git and trees, and what they are made of. */
package io.tarn.bench.mount.work;

/** The only door to the disk for everything but RocksDB and Ratis, so that a simulation can take its place. */
package io.tarn.core.file;

/**
 * The only door to the disk for everything but RocksDB and Ratis, so that a simulation can take its place:
 * {@link io.tarn.core.file.FileLayer} is the door, {@link io.tarn.core.file.RealFiles} the disk behind it.
 */
package io.tarn.core.file;

/**
 * Bytes, write-once: append-only extents on local disks ({@link io.tarn.core.extent.ExtentStore}), packed writing ({@link
 * io.tarn.core.extent.PackedWriter}), verified reading, sealing, punching, scrubbing. Knows nothing of names; what an extent is
 * used for is told to it through {@link io.tarn.core.extent.ExtentLedger} and {@link io.tarn.core.extent.BlockSource}.
 */
package io.tarn.core.extent;

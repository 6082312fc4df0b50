/**
 * Bytes, write-once: append-only extents on local disks, packed writing, verified reading, sealing, punching, scrubbing. Knows
 * nothing of names; what an extent is used for is told to it through {@link io.tarn.core.extent.ExtentLedger}.
 */
package io.tarn.core.extent;

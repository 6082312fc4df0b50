/**
 * What runs in the background on a node: sealing what dead writers left, giving space back, compacting, trimming. Every step is
 * idempotent and may be cut off anywhere: the shard's records say what is still to be done.
 */
package io.tarn.core.keeper;

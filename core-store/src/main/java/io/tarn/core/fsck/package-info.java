/** The online check of a node: every record against the others, every live block against its checksums. Changes nothing. */
package io.tarn.core.fsck;

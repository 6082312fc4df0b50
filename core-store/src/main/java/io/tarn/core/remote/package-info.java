/**
 * The client of a node in another process. Numbering of commands, write-back and packing into extents are {@code io.tarn.core.session}'s
 * and run here; this package carries questions, commands and bytes to the node, and holds the session through lost connections and restarts.
 */
package io.tarn.core.remote;

/** Assembles the core into an embedded node: control group, one shard, extents, keepers, client. */
package io.tarn.core.node;

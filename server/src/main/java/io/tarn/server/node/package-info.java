/** An embedded node: the data directory with its lock and first key, the Raft groups, the client over them, and the S3 front end. */
package io.tarn.server.node;

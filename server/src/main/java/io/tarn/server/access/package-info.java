/** The client file: how the command line finds an embedded server and its first access key. */
package io.tarn.server.access;

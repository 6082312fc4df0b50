/** Tests of the real process, started from the built distribution as a user starts it. Nothing here knows the server's classes. */
package io.tarn.server.process;

/** Multipart uploads: started, filled with parts, listed, completed without moving a byte, or given up. */
package io.tarn.s3.multipart;

/** The older majors are installed under other names and have the newer ones' types. */

declare module "express-4" {
  import express from "express";
  export default express;
}

declare module "koa-2" {
  import Koa from "koa";
  export default Koa;
}

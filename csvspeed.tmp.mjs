import { createReadStream } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { Parser } from 'csv-parse'
const mode=process.argv[2]
const t0=performance.now()
let rows=0
if(mode==='stream'){ for await (const r of createReadStream('/tmp/p1m.csv').pipe(new Parser({relax_column_count:true}))) rows++ }
else if(mode==='streamev'){ await new Promise(res=>{const p=createReadStream('/tmp/p1m.csv').pipe(new Parser({relax_column_count:true}));p.on('readable',()=>{while(p.read()!==null)rows++});p.on('end',res)}) }
else { let rest=''; const d=new TextDecoder('utf-8',{fatal:true}); const H=mode.endsWith('64')?65536:1<<20
for await (const b of createReadStream('/tmp/p1m.csv',{highWaterMark:H})) { const s=rest+d.decode(b,{stream:true}); const k=s.lastIndexOf('\n')+1; rest=s.slice(k); 
 if(mode==='decode'){rows++;continue}
 if(mode==='split'){ for(const l of s.slice(0,k).split('\n')) rows+=l.split(',').length>0?1:0; continue}
 const r=parse(s.slice(0,k),{relax_column_count:true,skip_empty_lines:true,info:mode.startsWith('info')}); rows+=r.length } }
const c=process.cpuUsage()
console.log(mode,rows,((performance.now()-t0)/1000).toFixed(2),'s wall', (c.user/1e6).toFixed(2), (c.system/1e6).toFixed(2), process.resourceUsage().maxRSS>>10,'MB')
